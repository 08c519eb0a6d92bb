"""Operations on tensors, under Keras' names and semantics."""
