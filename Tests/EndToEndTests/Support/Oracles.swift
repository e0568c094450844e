import Foundation
import Testing

/// Somebody else's decoder and hasher.
extension TemporaryFolder {
    /// Frames that ffprobe decodes.
    func frameCount(_ name: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> Int? {
        // Of a transport stream, ffprobe tells it twice: as one of a program, and on its own.
        let counts = try probe(name, "nb_read_frames", options: "-count_frames", sourceLocation: sourceLocation)
        // With a display matrix, a comma follows.
        return counts.split { $0.isWhitespace || $0 == "," }.first.flatMap { Int($0) }
    }

    /// One field of the stream, as ffprobe sees it.
    func probe(
        _ name: String,
        _ field: String,
        options: String = "",
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> String {
        let script = "ffprobe -v error \(options) -select_streams v:0 -show_entries stream=\(field) -of csv=p=0 \(name)"
        let outcome = try succeed(script, sourceLocation: sourceLocation)
        #expect(outcome.errors == "", "ffprobe complains", sourceLocation: sourceLocation)
        return outcome.text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Frames as ffmpeg decodes them, in a pixel format of ffmpeg's.
    func decode(_ name: String, _ pixelFormat: String, filter: String = "null") throws -> [UInt8] {
        let script = "ffmpeg -v error -xerror -i \(name) -vf \(filter) -fps_mode passthrough"
        return Array(try succeed("\(script) -f rawvideo -pix_fmt \(pixelFormat) -").output)
    }

    /// The MD5 of each decoded frame.
    func frameHashes(_ name: String) throws -> [String] {
        let script = "ffmpeg -v error -xerror -i \(name) -fps_mode passthrough -f framemd5 -"
        return try succeed(script).lines.filter { !$0.hasPrefix("#") }.map { line in
            String(line.split(separator: ",").last ?? "").trimmingCharacters(in: .whitespaces)
        }
    }

    /// The average PSNR of a stream in 4:2:0 against its raw source, in dB. Both are compared as raw frames, one by one.
    func psnr(_ name: String, against source: String, _ format: String, size: String, filter: String = "null") throws
        -> Double
    {
        try succeed("ffmpeg -v error -i \(name) -fps_mode passthrough -f rawvideo -pix_fmt yuv420p psnr.raw")
        let raw = "-f rawvideo -r 30 -s \(size) -pix_fmt"
        let inputs = "\(raw) yuv420p -i psnr.raw \(raw) \(format) -i \(source)"
        let script = "ffmpeg -hide_banner -nostats \(inputs) -filter_complex '[1]\(filter)[b];[0][b]psnr' -f null -"
        let words = try succeed(script).errors
        let average = words.split(separator: " ").last { $0.hasPrefix("average:") }
        let value = try #require(average.map { String($0.dropFirst(8)) }, "\(words)")
        return value == "inf" ? .infinity : try #require(Double(value))
    }

    func sha256(_ name: String) throws -> String {
        String(try succeed("sha256sum < \(name)").text.prefix(64))
    }
}
