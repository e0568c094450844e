/// The frame number that `sluice testsrc` draws along the top of its pictures in 16 black and white cells.
enum TestPicture {
    static func number(inLuma luma: [UInt8], frame: Int, width: Int, height: Int, frameBytes: Int? = nil) -> Int {
        let start = frame * (frameBytes ?? width * height) + max(2, height / 8) / 2 * width
        return (0..<16).reduce(0) { number, cell in
            number * 2 + (luma[start + (2 * cell + 1) * width / 32] > 127 ? 1 : 0)
        }
    }
}
