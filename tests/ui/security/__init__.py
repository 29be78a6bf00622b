"""What an attacker would try, on real parts."""
