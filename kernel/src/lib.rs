//! The device: owns every object, performs every operation, decides who runs.
