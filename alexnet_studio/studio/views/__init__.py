"""What each part of the window shows: frozen values made by `showing`, drawn by the panels.

A panel has one setter for each field group it shows and never decides anything: every label, every enabled-rule
and every number format is made in `showing`. All texts are already translated.
"""
