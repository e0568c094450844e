internal import LibAV
public import VideoTypes

/// The lines of `framehash`: a description of every frame, as text that programs compare.
///
/// Lines that begin with `#` describe the columns. Each frame has a line of its number, from 0 on, its timestamp in
/// microseconds, the number of its bytes, and their SHA-256 in hexadecimal digits, with a comma and a space between them. The
/// bytes are those of a raw output: rows without gaps.
public enum FrameHashText {
    /// The lines before the first frame's.
    public static func header(_ layout: PictureLayout) -> [UInt8] {
        Array(
            """
            # sluice framehash 1
            # size \(layout.size), pixel format \(layout.format.rawValue)
            # frame, timestamp, bytes, sha256

            """.utf8
        )
    }

    /// A frame's line.
    package static func line(_ frame: borrowing VideoFrame, number: Int) -> [UInt8] {
        var hash = SHA256()
        let count = frame.layout.byteCount
        frame.withBytes { hash.update($0.extracting(first: count)) }
        return Array("\(number), \(frame.timestamp), \(count), \(hash.finish())\n".utf8)
    }
}
