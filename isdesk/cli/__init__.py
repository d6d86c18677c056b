"""The command line: a thin shell over the services, for scripts, support and tests from outside."""
