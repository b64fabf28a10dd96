"""The warm engine held to the tests of those whose work it takes the place of."""
