"""Accuracy and speed, each figure from code: tables to the terminal, JSON and Markdown beside the code."""
