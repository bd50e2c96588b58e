"""Handing the sash on: offer, accept, return, withdraw, and how good the packet was."""
