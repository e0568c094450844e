/// A code point of ITU-T H.273 that has a name in WebCodecs.
public protocol ColorCodePoint: RawRepresentable, LosslessStringConvertible where RawValue == UInt8 {
    init(rawValue: UInt8)
    /// The names that are taken, and the code points that they mean; the first name of a code point is the one written.
    static var names: [(name: String, value: Self)] { get }
}

extension ColorCodePoint {
    /// The WebCodecs name, or the code point's number without one.
    public var description: String {
        Self.names.first { $0.value.rawValue == rawValue }?.name ?? "\(rawValue)"
    }

    /// The WebCodecs name; `nil` for what is unspecified, and for a code point that WebCodecs has no name for: a browser
    /// refuses a configuration with any other name in it.
    public var webCodecsName: String? {
        // 2 is "unspecified" in each of H.273's tables.
        rawValue == 2 ? nil : Self.names.first { $0.value.rawValue == rawValue }?.name
    }

    /// Reads a WebCodecs name or a decimal code point.
    public init?(_ description: String) {
        if let known = Self.names.first(where: { $0.name == description }) {
            self = known.value
        } else if let number = decimal(description), let rawValue = UInt8(exactly: number) {
            self.init(rawValue: rawValue)
        } else {
            return nil
        }
    }
}

extension ColorPrimaries: ColorCodePoint {
    /// WebCodecs' `VideoColorPrimaries`, and `unspecified`.
    public static var names: [(name: String, value: Self)] {
        [
            ("bt709", .bt709), ("unspecified", .unspecified), ("bt470bg", .bt470bg), ("smpte170m", .smpte170m),
            ("bt2020", .bt2020), ("smpte432", .smpte432),
        ]
    }
}

extension TransferCharacteristics: ColorCodePoint {
    /// WebCodecs' `VideoTransferCharacteristics`, and `unspecified`.
    public static var names: [(name: String, value: Self)] {
        [
            ("bt709", .bt709), ("unspecified", .unspecified), ("smpte170m", .smpte170m), ("linear", .linear),
            ("iec61966-2-1", .srgb), ("srgb", .srgb), ("pq", .pq), ("hlg", .hlg),
        ]
    }
}

extension MatrixCoefficients: ColorCodePoint {
    /// WebCodecs' `VideoMatrixCoefficients`, `bt601` for its long name, and `unspecified`.
    public static var names: [(name: String, value: Self)] {
        [
            ("rgb", .rgb), ("bt709", .bt709), ("unspecified", .unspecified), ("bt470bg", .bt470bg),
            ("smpte170m", .smpte170m), ("bt601", .smpte170m), ("bt2020-ncl", .bt2020NCL),
        ]
    }
}
