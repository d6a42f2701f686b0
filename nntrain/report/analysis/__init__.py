"""The numbers in reports, computed from predictions and data, without plots."""
