/// The layers of a stream, in the terms of W3C's Scalable Video Coding extension: `L1T2` is one spatial layer and two temporal
/// ones.
public struct ScalabilityMode: Hashable, Sendable {
    /// Spatial layers, `1...3`.
    public let spatialLayers: Int
    /// Temporal layers, `1...3`.
    public let temporalLayers: Int
    /// What is after the numbers, and an S instead of the L; empty in the modes without spatial layers.
    private let kind: Kind

    private enum Kind: Hashable, Sendable {
        case layers(suffix: String)
        case simulcast(suffix: String)
    }

    /// One layer: the default.
    public static let l1t1 = ScalabilityMode(temporalLayers: 1)
    /// Two temporal layers: every second frame can be dropped.
    public static let l1t2 = ScalabilityMode(temporalLayers: 2)
    /// Three temporal layers: half of the frames, or three quarters, can be dropped.
    public static let l1t3 = ScalabilityMode(temporalLayers: 3)

    private init(temporalLayers: Int) {
        (spatialLayers, self.temporalLayers, kind) = (1, temporalLayers, .layers(suffix: ""))
    }

    /// Only these are encoded; the others are known, and unsupported.
    public var isTemporalOnly: Bool { spatialLayers == 1 && kind == .layers(suffix: "") }

    /// The layer of the frame this many frames after a key frame: `0 1` or `0 2 1 2`, over and over.
    public func temporalLayer(ofFrame number: Int) -> Int {
        switch temporalLayers {
        case 2: number & 1
        case 3: [0, 2, 1, 2][number & 3]
        default: 0
        }
    }
}

extension ScalabilityMode: LosslessStringConvertible {
    /// The mode's name, such as `L1T2`.
    public var description: String {
        switch kind {
        case .layers(let suffix): "L\(spatialLayers)T\(temporalLayers)\(suffix)"
        case .simulcast(let suffix): "S\(spatialLayers)T\(temporalLayers)\(suffix)"
        }
    }

    /// Reads any mode of the extension's table; `nil` for other text.
    public init?(_ description: String) {
        let bytes = Array(description.utf8.prefix(4))
        guard bytes.count == 4, bytes[2] == UInt8(ascii: "T"), (0x31...0x33).contains(bytes[1]),
            (0x31...0x33).contains(bytes[3])
        else { return nil }
        let suffix = String(description.dropFirst(4))
        let isLayered = bytes[0] == UInt8(ascii: "L")
        guard isLayered || bytes[0] == UInt8(ascii: "S") else { return nil }
        (spatialLayers, temporalLayers) = (Int(bytes[1]) - 0x30, Int(bytes[3]) - 0x30)
        let known = isLayered ? ["", "h", "_KEY", "_KEY_SHIFT"] : ["", "h"]
        guard known.contains(suffix), spatialLayers > 1 || (suffix.isEmpty && isLayered) else { return nil }
        guard suffix != "_KEY_SHIFT" || temporalLayers > 1 else { return nil }
        kind = isLayered ? .layers(suffix: suffix) : .simulcast(suffix: suffix)
    }
}
