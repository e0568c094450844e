/// As much of a VP8 frame header as holds the quantizer (RFC 6386, 9.2 to 9.6 and 20.1): no tool prints it.
struct VP8Header {
    private let bytes: ArraySlice<UInt8>
    private var place: Int
    private var value: UInt32 = 0
    private var range: UInt32 = 255
    private var bits = 0
    private var segments: [Int] = []

    /// `y_ac_qi`, 0 to 127; `nil` where the frame is too short to have one.
    static func quantizerIndex(_ frame: [UInt8]) -> Int? { read(frame)?.index }

    /// The quantizers of the segments, or what they add, where the frame has any that are not 0.
    static func segmentQuantizers(_ frame: [UInt8]) -> [Int] { read(frame)?.segments.filter { $0 != 0 } ?? [] }

    private static func read(_ frame: [UInt8]) -> (index: Int, segments: [Int])? {
        let isKey = (frame.first ?? 1) & 1 == 0
        let start = isKey ? 10 : 3
        guard frame.count > start + 8 else { return nil }
        var header = VP8Header(frame[start...])
        let index = header.readQuantizerIndex(isKey: isKey)
        return (index, header.segments)
    }

    private init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        place = bytes.startIndex + 2
        value = UInt32(bytes[bytes.startIndex]) << 8 | UInt32(bytes[bytes.startIndex + 1])
    }

    private mutating func readQuantizerIndex(isKey: Bool) -> Int {
        // The color space and the clamping type are only in key frames.
        if isKey { _ = read(2) }
        if read(1) == 1 { readSegmentation() }
        // The filter's type, level and sharpness, and its adjustments.
        _ = read(10)
        if read(1) == 1, read(1) == 1 {
            for _ in 0..<8 { skipOptional(7) }
        }
        _ = read(2)
        return read(7)
    }

    private mutating func readSegmentation() {
        let (hasMap, hasData) = (read(1) == 1, read(1) == 1)
        if hasData {
            _ = read(1)
            segments = (0..<4).map { _ in read(1) == 1 ? read(8) >> 1 : 0 }
            for _ in 0..<4 { skipOptional(7) }
        }
        if hasMap {
            for _ in 0..<3 { skipOptional(8) }
        }
    }

    private mutating func skipOptional(_ width: Int) { if read(1) == 1 { _ = read(width) } }

    private mutating func read(_ count: Int) -> Int { (0..<count).reduce(0) { sum, _ in sum << 1 | readBit() } }

    /// A bit of even probability, by the boolean decoder of section 7.3.
    private mutating func readBit() -> Int {
        let split = 1 + ((range - 1) * 128) >> 8
        let isSet = value >= split << 8
        if isSet {
            range -= split
            value -= split << 8
        } else {
            range = split
        }
        while range < 128 {
            value <<= 1
            range <<= 1
            bits += 1
            if bits == 8 {
                bits = 0
                value |= place < bytes.endIndex ? UInt32(bytes[place]) : 0
                place += 1
            }
        }
        return isSet ? 1 : 0
    }
}

extension TemporaryFolder {
    /// The frames of an IVF file.
    func frames(ofIVF name: String) throws -> [[UInt8]] {
        let file = try bytes(name)
        var (place, frames) = (32, [[UInt8]]())
        while place + 12 <= file.count {
            let size = file[place..<(place + 4)].reversed().reduce(0) { $0 << 8 | Int($1) }
            guard place + 12 + size <= file.count else { throw TestFailure("\(name) ends within a frame") }
            frames.append(Array(file[(place + 12)..<(place + 12 + size)]))
            place += 12 + size
        }
        return frames
    }
}
