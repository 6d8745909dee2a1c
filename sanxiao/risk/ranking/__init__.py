"""Ranking of coming visits by the chance that something serious is found: one small, explained model.

Works on any table of past inspections (`manage.py rank_risk`) and on the town's own. Needs the packages of
requirements-risk.lock; nothing else in the program imports this package before it is asked for a ranking.
"""
