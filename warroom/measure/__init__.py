"""What was measured and what it means: snapshots, signals, rules, history. Pure, no I/O."""
