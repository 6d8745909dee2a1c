"""The served program in a real browser. One module, so that server and browser are started once."""
