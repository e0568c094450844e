/// A temporal unit: all OBUs of one moment, which show one frame of each spatial layer (AV1 7.5).
package struct AV1TemporalUnit: Hashable, Sendable {
    /// The OBUs in the order of the bitstream.
    package var obus: [OBU]

    /// A temporal unit of these OBUs.
    package init(_ obus: [OBU]) { self.obus = obus }

    /// Reads a temporal unit in the low-overhead format (AV1 5.2).
    package init(parsing bytes: [UInt8]) throws(BitstreamError) {
        obus = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let (obu, length) = try OBU.read(rest, at: rest.startIndex, needsSize: true)
            obus.append(obu)
            rest = rest.dropFirst(length)
        }
    }

    /// The low-overhead format (AV1 5.2): each OBU with its size.
    package var bytes: [UInt8] { obus.flatMap(\.bytes) }

    /// The OBUs without temporal delimiters, which samples in ISO and Matroska files do not have (AV1-ISOBMFF 2.4).
    package var withoutTemporalDelimiters: AV1TemporalUnit {
        AV1TemporalUnit(obus.filter { $0.type != .temporalDelimiter })
    }

    /// `temporal_id` of the unit's frame; 0 if it does not have one.
    package var temporalID: Int { obus.first { $0.type.beginsFrame }?.temporalID ?? 0 }

    /// The payload of the first sequence header, if there is one.
    package var sequenceHeader: OBU? { obus.first { $0.type == .sequenceHeader } }

    /// Puts OBUs before the first frame, after the sequence header.
    package mutating func insert(beforeFirstFrame added: [OBU]) {
        let place = obus.firstIndex { $0.type.beginsFrame } ?? obus.endIndex
        obus.insert(contentsOf: added, at: place)
    }
}

extension AV1TemporalUnit {
    /// The OBUs of each frame: its header and tiles, and what is before them and after the frame before (AV1 B.2).
    package var frameUnits: [ArraySlice<OBU>] {
        var units: [ArraySlice<OBU>] = []
        var (start, hasFrame) = (obus.startIndex, false)
        for (index, obu) in obus.enumerated() {
            let belongsToNext = obu.type.beginsFrame || Self.precedesFrame.contains(obu.type)
            if hasFrame, belongsToNext, obus[index...].contains(where: { $0.type.beginsFrame }) {
                units.append(obus[start..<index])
                (start, hasFrame) = (index, false)
            }
            hasFrame = hasFrame || obu.type.beginsFrame
        }
        if start < obus.endIndex { units.append(obus[start...]) }
        return units
    }

    private static let precedesFrame: Set<OBUType> = [.temporalDelimiter, .sequenceHeader, .metadata]

    /// The length-delimited format (AV1 annex B): `temporal_unit_size`, and in it frame units with their sizes.
    package var annexB: [UInt8] {
        var content: [UInt8] = []
        for unit in frameUnits {
            let coded = unit.map(\.bytesWithoutSize).flatMap { LEB128.bytes(of: $0.count) + $0 }
            content += LEB128.bytes(of: coded.count) + coded
        }
        return LEB128.bytes(of: content.count) + content
    }

    /// Reads the temporal unit at the start of length-delimited bytes (AV1 annex B).
    ///
    /// - Parameters:
    ///   - bytes: The temporal unit with its size, and what is after it.
    /// - Returns: The temporal unit, and how many bytes it has with its size.
    package static func readAnnexB(
        _ bytes: ArraySlice<UInt8>
    ) throws(BitstreamError) -> (unit: AV1TemporalUnit, length: Int) {
        var rest = bytes
        let origin = bytes.startIndex
        var content = try part(&rest, "temporal_unit_size", origin)
        var obus: [OBU] = []
        while !content.isEmpty {
            var frame = try part(&content, "frame_unit_size", origin)
            while !frame.isEmpty {
                let coded = try part(&frame, "obu_length", origin)
                obus.append(try OBU.read(coded, at: coded.startIndex - origin, needsSize: false).obu)
            }
        }
        return (AV1TemporalUnit(obus), rest.startIndex - origin)
    }

    /// A size, and that many bytes.
    private static func part(
        _ bytes: inout ArraySlice<UInt8>,
        _ field: String,
        _ origin: Int
    ) throws(BitstreamError) -> ArraySlice<UInt8> {
        let offset = bytes.startIndex - origin
        let (size, length) = try LEB128.read(bytes, field, at: offset)
        let rest = bytes.dropFirst(length)
        guard size <= rest.count else {
            let expected = "\(size) bytes, \(rest.count) are left"
            throw BitstreamError(.truncated, "\(field) is too large", at: .byte(offset), expected: expected)
        }
        bytes = rest.dropFirst(size)
        return rest.prefix(size)
    }
}
