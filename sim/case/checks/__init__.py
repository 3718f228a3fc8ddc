"""What a case's numbers and conditions must keep besides their shape, for `sim.case.validation`."""
