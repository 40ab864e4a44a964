"""What people do about it: planned, confirmed, run once, judged by the signals."""
