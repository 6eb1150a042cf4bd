"""The sections of the evaluation, one file each."""
