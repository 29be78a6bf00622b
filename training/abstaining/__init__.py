"""Fitting the decision not to answer: data, features, formula, calibration."""
