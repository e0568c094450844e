import Foundation
import Testing

/// What FFmpeg makes of a file in the folder.
extension TemporaryFolder {
    /// A digest of each picture that ffmpeg decodes, in the order they are shown in.
    ///
    /// - Parameters:
    ///   - name: The file.
    ///   - decoder: Options for reading it.
    ///   - filters: Options for what becomes of the pictures.
    ///   - isStrict: Whether it is a failure if ffmpeg complains about anything.
    public func pictureDigests(
        of name: String,
        decoder: [String] = [],
        filters: [String] = [],
        isStrict: Bool = true
    ) throws -> [String] {
        let strictness = isStrict ? ["-v", "warning", "-xerror", "-err_detect", "explode"] : ["-v", "error"]
        let output = ["-fps_mode", "passthrough"] + filters + ["-f", "framemd5", "-"]
        let (text, complaints) = try run("ffmpeg", strictness + decoder + ["-i", name] + output)
        #expect(complaints == "" || !isStrict)
        return text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map {
            ($0.split(separator: ",").last ?? "").trimmingCharacters(in: .whitespaces)
        }
    }

    /// ffprobe's value of an entry of the video stream, such as `pix_fmt`; may be empty.
    public func probe(_ entry: String, of name: String) throws -> String {
        let arguments = ["-v", "error", "-show_entries", "stream=\(entry)", "-of", "default=nk=1:nw=1", name]
        return try run("ffprobe", arguments).output.split(separator: "\n").first.map(String.init) ?? ""
    }

    /// The syntax elements that FFmpeg's own parser finds in each NAL unit or OBU of a stream.
    public func syntaxElements(of name: String) throws -> [[String: Int]] {
        let arguments = ["-hide_banner", "-i", name, "-c", "copy", "-bsf:v", "trace_headers", "-f", "null", "-"]
        var units: [[String: Int]] = []
        for line in try run("ffmpeg", arguments).errors.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard line.hasPrefix("[trace_headers"), words.count >= 6, words[words.count - 2] == "=" else { continue }
            if ["forbidden_zero_bit", "obu_forbidden_bit"].contains(words[4]) { units.append([:]) }
            guard !units.isEmpty, let value = Int(words[words.count - 1]) else { continue }
            units[units.count - 1][String(words[4])] = value
        }
        return units
    }
}
