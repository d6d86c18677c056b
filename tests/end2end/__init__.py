"""The program driven from outside: the real window by its keys, the command line as a process."""
