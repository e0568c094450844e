/// Files of IVF, which ffmpeg, vpxenc and aomenc read and write.
public enum IVF {
    /// A file whose frames are numbered, at 25 frames a second.
    public static func file(_ frames: [[UInt8]], fourCC: String, width: Int, height: Int) -> [UInt8] {
        func little(_ value: Int, _ count: Int) -> [UInt8] { (0..<count).map { UInt8(value >> ($0 * 8) & 0xFF) } }
        var file = Array("DKIF".utf8) + little(0, 2) + little(32, 2) + Array(fourCC.utf8)
        file += little(width, 2) + little(height, 2)
        file += little(25, 4) + little(1, 4) + little(frames.count, 4) + little(0, 4)
        for (number, frame) in frames.enumerated() { file += little(frame.count, 4) + little(number, 8) + frame }
        return file
    }

    /// The frames of a file.
    public static func frames(of file: [UInt8]) -> [[UInt8]] {
        var (rest, frames) = (file.dropFirst(32), [[UInt8]]())
        while rest.count >= 12 {
            let size = rest.prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
            frames.append(Array(rest.dropFirst(12).prefix(size)))
            rest = rest.dropFirst(12 + size)
        }
        return frames
    }
}
