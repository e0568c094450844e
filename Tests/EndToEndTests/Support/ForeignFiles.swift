import Foundation
import Testing

/// Files as ffmpeg makes them, and what it reads in files.
enum ForeignFiles {
    /// Options for H.264 that is made quickly.
    static let x264 = "-pix_fmt yuv420p -c:v libx264 -preset veryfast"
}

/// What the program decodes.
struct DecodedFrames {
    /// The SHA-256 of each frame.
    let hashes: [String]
    /// When each frame is shown, in the stream's own unit.
    let times: [Int]
    /// What is written to standard error.
    let errors: String
}

extension TemporaryFolder {
    /// Pictures that move, 25 a second, encoded by ffmpeg.
    func make(_ file: String, _ encode: String, size: String, frames: Int) throws {
        let source = "-f lavfi -i testsrc2=size=\(size):rate=25 -frames:v \(frames)"
        try succeed("ffmpeg -v error -y \(source) \(encode) \(file)")
    }

    /// The SHA-256 of each frame as ffmpeg decodes it, whatever it complains of.
    func sha256OfFrames(_ name: String, _ options: String = "") throws -> [String] {
        let hashes = "-map 0:v:0 -fps_mode passthrough \(options) -f framehash -hash sha256 -"
        return try succeed("ffmpeg -v fatal -noautorotate -i \(name) \(hashes)").lines
            .filter { !$0.hasPrefix("#") }
            .map { ($0.split(separator: ",").last ?? "").trimmingCharacters(in: .whitespaces) }
    }

    /// The frames as the program decodes them.
    func decodedFrames(_ name: String, _ options: String = "") throws -> DecodedFrames {
        let outcome = try succeed("sluice decode \(name) \(options) --format framehash -o -")
        let lines = outcome.text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map {
            $0.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
        }
        return DecodedFrames(
            hashes: lines.compactMap(\.last),
            times: lines.compactMap { Int($0[1]) },
            errors: outcome.errors
        )
    }
}
