def check_reading(line, derivation):
    pass
