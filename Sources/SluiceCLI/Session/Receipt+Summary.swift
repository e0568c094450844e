internal import Places
internal import Sluice

extension Receipt {
    /// What was done, in a line.
    var summary: String {
        let seconds = max(wallSeconds, 1e-9)
        let rate = (Double(output.chunks) / seconds).decimals(0) + " fps"
        guard status != "interrupted" else {
            return output.chunks == 0
                ? "interrupted before the first frame; nothing was written"
                : "interrupted: the output so far, \(Quantity.count(output.chunks, "frame")), is in \(output.name.partial)"
        }
        let partial =
            input.droppedBytes == 0 ? "" : ", without \(Quantity.count(input.droppedBytes, "byte")) of a partial frame"
        let dropped = partial.isEmpty && input.loss != nil ? ", from a damaged stream" : partial
        let audio = Self.words("copied", output.audio ?? []) { $0.encodedFrom == nil ? $0.codec : nil }
        let encoded = Self.words("encoded", output.audio ?? []) { track in
            track.encodedFrom.map { "\(track.codec) from \($0)" }
        }
        let result =
            "\(Quantity.count(output.chunks, "frame")) in \(output.name.shown), \(output.bytes) bytes, \(config.codec)"
        let frames = [
            output.droppedFrames.map { "\($0) dropped" }, output.repeatedFrames.map { "\($0) repeated" },
        ]
        let conversion = frames.compactMap { $0.map { ", \($0)" } }.joined()
        return "\(result)\(audio)\(encoded)\(conversion)\(dropped), \(rate)"
    }

    /// What became of some of the tracks of audio; nothing if there are none.
    private static func words(_ verb: String, _ tracks: [AudioTrack], _ name: (AudioTrack) -> String?) -> String {
        let names = tracks.compactMap(name)
        return names.isEmpty ? "" : ", audio \(verb) (\(names.joined(separator: ", ")))"
    }
}

extension String {
    /// The name of what a signal leaves of an output with this one.
    var partial: String { SideFiles.path(FilePath(spelled: self), suffix: ".partial").shown }

    /// The name as messages have it.
    var shown: String { FilePath(spelled: self).shown }
}
