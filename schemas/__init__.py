"""What every floor agrees on: nouns, registers, event contracts, policy packs, audit columns."""
