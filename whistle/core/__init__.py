"""The pure heart: cases, rules, calendar, ledger. Standard library only; clock and randomness are arguments."""
