"""Pure signal analysis: numbers in, plain records out. No I/O, no clock, no log, no threads."""
