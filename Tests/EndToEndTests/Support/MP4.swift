/// The smallest MP4 that holds an AVC track: what a user makes of the pieces that sluice gives.
struct MP4 {
    let width: Int
    let height: Int
    /// The decoder configuration record.
    let description: [UInt8]
    /// Sizes in coded order.
    let sizes: [Int]
    /// Presentation times in coded order, in microseconds.
    let timestamps: [Int]
    let keys: [Int]
    /// The duration of every frame, in microseconds.
    let duration: Int

    private static let timescale = 1_000_000

    func file(_ stream: [UInt8]) -> [UInt8] {
        let type = box("ftyp", [Array("isom".utf8), number(512), Array("isomavc1".utf8)])
        let start = type.count + 8
        return type + box("mdat", [stream]) + box("moov", [movieHeader, track(start)])
    }

    private func number(_ value: Int, bytes: Int = 4) -> [UInt8] {
        (0..<bytes).reversed().map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }

    private func box(_ name: String, _ content: [[UInt8]]) -> [UInt8] {
        let bytes = content.flatMap { $0 }
        return number(bytes.count + 8) + Array(name.utf8) + bytes
    }

    private func zeros(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }

    private var total: Int { duration * sizes.count }

    private var matrix: [UInt8] { [0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x4000_0000].flatMap { number($0) } }

    private var movieHeader: [UInt8] {
        let rates = number(0x10000) + number(0x100, bytes: 2) + zeros(10)
        return box("mvhd", [zeros(12), number(Self.timescale), number(total), rates, matrix, zeros(24), number(2)])
    }

    private func track(_ start: Int) -> [UInt8] {
        let size = number(width << 16) + number(height << 16)
        let header = box("tkhd", [number(3), zeros(8), number(1), zeros(4), number(total), zeros(16), matrix, size])
        return box("trak", [header, media(start)])
    }

    private func media(_ start: Int) -> [UInt8] {
        let header = box("mdhd", [zeros(12), number(Self.timescale), number(total), number(0x55C4_0000)])
        let handler = box("hdlr", [zeros(8), Array("vide".utf8), zeros(13)])
        let reference = box("dref", [zeros(4), number(1), box("url ", [number(1)])])
        let video = box("vmhd", [number(1), zeros(8)])
        let information = box("minf", [video, box("dinf", [reference]), samples(start)])
        return box("mdia", [header, handler, information])
    }

    private func samples(_ start: Int) -> [UInt8] {
        let entry = box(
            "avc1",
            [
                zeros(6), number(1, bytes: 2), zeros(16), number(width, bytes: 2), number(height, bytes: 2),
                number(0x48_0000), number(0x48_0000), zeros(4), number(1, bytes: 2), zeros(32), number(24, bytes: 2),
                number(0xFFFF, bytes: 2), box("avcC", [description]),
            ]
        )
        let offsets = timestamps.enumerated().flatMap { number(1) + number($0.element - $0.offset * duration) }
        return box(
            "stbl",
            [
                box("stsd", [zeros(4), number(1), entry]),
                box("stts", [zeros(4), number(1), number(sizes.count), number(duration)]),
                box("ctts", [number(1 << 24), number(sizes.count), offsets]),
                box("stss", [zeros(4), number(keys.count), keys.flatMap { number($0 + 1) }]),
                box("stsc", [zeros(4), number(1), number(1), number(sizes.count), number(1)]),
                box("stsz", [zeros(8), number(sizes.count), sizes.flatMap { number($0) }]),
                box("stco", [zeros(4), number(1), number(start)]),
            ]
        )
    }
}
