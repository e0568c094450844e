internal import Ingest

/// The end of a transport stream (ISO/IEC 13818-1), whose packets all have one length: a shorter last one is cut off.
///
/// Packets have 188 bytes, those of Blu-ray 4 before and those of broadcast 16 after.
enum TransportTail {
    /// Bytes of the end that are looked at: five packets of any length.
    static let byteCount = 5 * 204

    private static let sync: UInt8 = 0x47
    private static let packet = 188

    /// The end of a regular file; none of a pipe.
    static func read(_ source: inout ByteSource) throws(IngestError) -> [UInt8] {
        guard let length = source.length else { return [] }
        let origin = source.position
        defer { source.seek(to: origin) }
        source.seek(to: max(origin, length - byteCount))
        return try source.readBytes(upTo: byteCount)
    }

    /// How many bytes the last packet has, if it is incomplete.
    static func partialPacket(in tail: [UInt8]) -> Int? {
        for distance in [packet, packet + 4, packet + 16] {
            for phase in 0..<distance {
                let places = stride(from: phase, to: tail.count, by: distance)
                guard places.underestimatedCount >= 4, let last = places.reversed().first,
                    places.allSatisfy({ tail[$0] == sync })
                else { continue }
                return tail.count - last < packet ? tail.count - last : nil
            }
        }
        return nil
    }
}
