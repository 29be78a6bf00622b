"""What people touch: command line, server, REST and pages. Only this package prints or renders."""
