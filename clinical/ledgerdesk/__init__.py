"""Reading the ledger: who saw or decided what, under which rule; never the content itself."""
