/// A picture of eight flat patches, four by two, far enough from each other that chroma does not bleed into their middle.
enum Patches {
    static let side = 32
    static let (width, height) = (4 * side, 2 * side)

    /// Red, green and blue, all within limited range.
    static let colors: [[Int]] = [
        [200, 40, 40], [40, 190, 50], [50, 60, 210], [210, 200, 40],
        [40, 200, 210], [200, 50, 190], [128, 128, 128], [230, 120, 30],
    ]

    /// A frame as rgb24.
    static let rgb24: [UInt8] = (0..<height).flatMap { y in
        (0..<width).flatMap { x in colors[y / side * 4 + x / side].map(UInt8.init) }
    }

    /// The largest difference in the middle of any patch, of a frame of `channels` bytes a pixel.
    static func largestError(_ frame: [UInt8], against source: [UInt8] = rgb24, channels: Int = 3) -> Int {
        var largest = 0
        for patch in 0..<8 {
            let (left, top) = (patch % 4 * side + side / 2, patch / 4 * side + side / 2)
            for y in (top - 4)..<(top + 4) {
                for byte in ((y * width + left - 4) * channels)..<((y * width + left + 4) * channels) {
                    largest = max(largest, abs(Int(frame[byte]) - Int(source[byte])))
                }
            }
        }
        return largest
    }
}
