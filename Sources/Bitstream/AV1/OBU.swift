/// `obu_type` (AV1 6.2.2). Reserved types pass through unchanged.
package struct OBUType: RawRepresentable, Hashable, Sendable {
    /// The code point, `0...15`.
    package let rawValue: UInt8
    /// Any code point; only the low 4 bits count.
    package init(rawValue: UInt8) { self.rawValue = rawValue & 0x0F }

    /// `OBU_SEQUENCE_HEADER`.
    package static let sequenceHeader = Self(rawValue: 1)
    /// `OBU_TEMPORAL_DELIMITER`.
    package static let temporalDelimiter = Self(rawValue: 2)
    /// `OBU_FRAME_HEADER`.
    package static let frameHeader = Self(rawValue: 3)
    /// `OBU_TILE_GROUP`.
    package static let tileGroup = Self(rawValue: 4)
    /// `OBU_METADATA`.
    package static let metadata = Self(rawValue: 5)
    /// `OBU_FRAME`: a frame header and a tile group.
    package static let frame = Self(rawValue: 6)
    /// `OBU_REDUNDANT_FRAME_HEADER`: the last frame header again.
    package static let redundantFrameHeader = Self(rawValue: 7)
    /// `OBU_TILE_LIST`.
    package static let tileList = Self(rawValue: 8)
    /// `OBU_PADDING`.
    package static let padding = Self(rawValue: 15)

    /// Whether a frame begins here.
    package var beginsFrame: Bool { self == .frame || self == .frameHeader }
    /// Whether it holds (a part of) a coded picture.
    var isPicture: Bool { beginsFrame || self == .tileGroup || self == .redundantFrameHeader }
}

/// One open bitstream unit (AV1 5.3).
package struct OBU: Hashable, Sendable {
    /// The layer in an OBU's extension header.
    package struct Layer: Hashable, Sendable {
        /// `temporal_id`, `0...7`.
        package let temporalID: Int
        /// `spatial_id`, `0...3`.
        package let spatialID: Int

        /// A layer; only the low 3 and 2 bits count.
        package init(temporalID: Int, spatialID: Int) {
            (self.temporalID, self.spatialID) = (temporalID & 7, spatialID & 3)
        }
    }

    /// The type.
    package let type: OBUType
    /// The values of the extension header; `nil` without one, which means layer 0.
    package let layer: Layer?
    /// Everything after the header and the size.
    package let payload: ArraySlice<UInt8>

    /// An OBU.
    package init(_ type: OBUType, layer: Layer? = nil, payload: ArraySlice<UInt8>) {
        (self.type, self.layer, self.payload) = (type, layer, payload)
    }

    /// `temporal_id`; 0 without an extension header.
    package var temporalID: Int { layer?.temporalID ?? 0 }

    /// The OBU with its own size, as Section 5's low-overhead format and ISO files have it.
    package var bytes: [UInt8] { header(hasSize: true) + LEB128.bytes(of: payload.count) + payload }

    /// The OBU without its size, which Annex B stores outside of the OBU.
    package var bytesWithoutSize: [UInt8] { header(hasSize: false) + payload }

    private func header(hasSize: Bool) -> [UInt8] {
        let first = type.rawValue << 3 | (layer == nil ? 0 : 4) | (hasSize ? 2 : 0)
        guard let layer else { return [first] }
        return [first, UInt8(layer.temporalID << 5 | layer.spatialID << 3)]
    }
}

extension OBU {
    /// Reads the OBU at the start of `bytes`.
    ///
    /// - Parameters:
    ///   - bytes: The OBU, and what is after it.
    ///   - offset: Where the first byte is, for errors.
    ///   - needsSize: Whether an OBU without a size is an error; else it reaches to the end.
    /// - Returns: The OBU, and how many bytes it has with its header.
    package static func read(
        _ bytes: ArraySlice<UInt8>,
        at offset: Int,
        needsSize: Bool
    ) throws(BitstreamError) -> (obu: OBU, length: Int) {
        guard let first = bytes.first else {
            throw BitstreamError(.truncated, "the data ends before an OBU", at: .byte(offset), expected: "a header")
        }
        guard first & 0x80 == 0 else {
            throw BitstreamError(.invalid, "invalid obu_forbidden_bit 1", at: .byte(offset), expected: "0")
        }
        var rest = bytes.dropFirst()
        let layer = try readLayer(&rest, isThere: first & 4 != 0, at: offset)
        var size = rest.count
        if first & 2 != 0 {
            let (value, length) = try LEB128.read(rest, "obu_size", at: offset + rest.startIndex - bytes.startIndex)
            rest = rest.dropFirst(length)
            size = value
        } else if needsSize {
            throw BitstreamError(.invalid, "an OBU without a size", at: .byte(offset), expected: "obu_has_size_field 1")
        }
        guard size <= rest.count else {
            let expected = "\(size) bytes, \(rest.count) are left"
            throw BitstreamError(.truncated, "the data ends within an OBU", at: .byte(offset), expected: expected)
        }
        let payload = rest.prefix(size)
        let obu = OBU(OBUType(rawValue: first >> 3), layer: layer, payload: payload)
        return (obu, payload.endIndex - bytes.startIndex)
    }

    private static func readLayer(
        _ rest: inout ArraySlice<UInt8>,
        isThere: Bool,
        at offset: Int
    ) throws(BitstreamError) -> Layer? {
        guard isThere else { return nil }
        guard let byte = rest.popFirst() else {
            let what = "the data ends within an OBU header"
            throw BitstreamError(.truncated, what, at: .byte(offset), expected: "an extension header")
        }
        return Layer(temporalID: Int(byte >> 5), spatialID: Int(byte >> 3))
    }
}
