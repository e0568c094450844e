extension LibAVEncoderDescription {
    /// Every encoder that Sluice knows how to talk to, in order of preference for a codec: software, then hardware.
    package static let all: [LibAVEncoderDescription] = software + hardware

    /// The encoders in software.
    package static let software: [LibAVEncoderDescription] = [.x265, .svtAV1, .rav1e]

    /// The encoders in hardware.
    package static let hardware: [LibAVEncoderDescription] = HardwareFamily.all.flatMap(\.encoders)

    /// The encoder of a name; `nil` if Sluice does not know it.
    package static func named(_ name: String) -> LibAVEncoderDescription? { all.first { $0.name == name } }
}
