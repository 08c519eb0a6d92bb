"""What the tracing packages share: values, source spans, errors, the recorder and the model graph it gives."""
