"""Rules that the numbers and conditions of a case must follow beyond their shape, for `sim.case.validation`."""
