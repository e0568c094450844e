/// Follows the continuity counters of a transport stream (ISO/IEC 13818-1) to distinguish a place where two complete streams
/// were joined from one where packets are missing: libavformat marks a packet as incomplete at both.
///
/// At a joint, the stream restarts: its program association table has the counter of the first one in the file, and after it
/// every elementary stream begins a packet with its first counter in the file. A loss in the middle of a stream leaves other
/// counters, or an interrupted packet without a new beginning.
package struct TransportCounters {
    private struct Stream {
        /// The counter of the first packet.
        let first: UInt8
        var last: UInt8
        /// Tables seen, that a new part of the file may begin with, up to the last packet.
        var part: Int
        /// It holds packetized elementary streams: those begin with a start code.
        var isElementary = false
    }

    private static let sync: UInt8 = 0x47
    private static let length = 188
    /// Packets by which the distance of packets is found.
    private static let probe = 5

    /// A packet is missing, damaged or repeated, or this is not a transport stream.
    package private(set) var isBroken = false
    /// The header of a packet marks its content as scrambled.
    package private(set) var isScrambled = false
    private var streams: [UInt16: Stream] = [:]
    private var part = 0
    private var distance: Int?
    private var pending: [UInt8] = []
    /// The place of the first byte that was not examined yet.
    private var end = 0

    package init() {}

    /// Takes bytes of the file. Those that were there before, and those beyond the next, are passed over.
    package mutating func take(_ bytes: RawSpan, at position: Int) {
        let known = end - position
        guard !isBroken, known >= 0, known < bytes.byteCount else { return }
        let fresh = bytes.extracting(known..<bytes.byteCount)
        end += fresh.byteCount
        pending.reserveCapacity(pending.count + fresh.byteCount)
        // SAFETY: the bytes are copied while the span is there.
        unsafe fresh.withUnsafeBytes { unsafe pending.append(contentsOf: $0) }
        findPackets()
        guard let distance else { return }
        var start = 0
        while !isBroken, pending.count - start >= Self.length {
            // What is between packets may not have come yet.
            guard pending.count - start >= distance || distance == Self.length else { break }
            takePacket(pending[start..<start + Self.length])
            start += distance
        }
        pending.removeFirst(min(start, pending.count))
    }

    private mutating func findPackets() {
        guard distance == nil, pending.count >= (Self.probe + 1) * (Self.length + 16) else { return }
        for candidate in [Self.length, Self.length + 4, Self.length + 16] {
            let phase = (0..<candidate).first { phase in
                (0..<Self.probe).allSatisfy { pending[phase + $0 * candidate] == Self.sync }
            }
            guard let phase else { continue }
            distance = candidate
            pending.removeFirst(phase)
            return
        }
        isBroken = true
    }

    private mutating func takePacket(_ packet: ArraySlice<UInt8>) {
        let start = packet.startIndex
        let isWhole = packet[start] == Self.sync && packet[start + 1] & 0x80 == 0
        guard isWhole else { return isBroken = true }
        let number = UInt16(packet[start + 1] & 0x1F) << 8 | UInt16(packet[start + 2])
        guard number != 0x1FFF else { return }
        let (flags, begins) = (packet[start + 3], packet[start + 1] & 0x40 != 0)
        let (counter, hasAdaptation, hasPayload) = (flags & 15, flags & 0x20 != 0, flags & 0x10 != 0)
        let adaptation = hasAdaptation ? Int(packet[start + 4]) + 1 : 0
        let mayJump = adaptation > 1 && packet[start + 5] & 0x80 != 0
        let payload = packet.dropFirst(4 + adaptation)
        if hasPayload, flags & 0x80 != 0 { isScrambled = true }
        var stream = streams[number] ?? Stream(first: counter, last: (counter &- (hasPayload ? 1 : 0)) & 15, part: part)
        if number == 0, counter == stream.first { part += 1 }
        if begins, hasPayload { stream.isElementary = payload.starts(with: [0, 0, 1]) }
        let isNext = counter == (stream.last &+ (hasPayload ? 1 : 0)) & 15
        let beginsAgain = begins && hasPayload && counter == stream.first && stream.part < part
        if stream.isElementary, !isNext, !mayJump, !beginsAgain { isBroken = true }
        (stream.last, stream.part) = (counter, part)
        streams[number] = stream
    }
}
