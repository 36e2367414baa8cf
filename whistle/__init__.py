"""Whistle: anonymous safety-hazard reports, sealed in the browser, and the rewards they earn."""
