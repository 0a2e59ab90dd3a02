"""The lane family: how wide a vehicle gets through, held against the width asked for."""
