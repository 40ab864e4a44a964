"""The room's playbooks: which fit what is seen now, and the checks that their steps run."""
