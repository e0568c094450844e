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
        let tracks = (output.audio ?? []).map { "\($0.codec) \($0.encodedFrom.map { "from \($0)" } ?? "copied")" }
        let audio = tracks.isEmpty ? "" : ", audio: \(tracks.joined(separator: ", "))"
        let result =
            "\(Quantity.count(output.chunks, "frame")) in \(output.name.shown), \(output.bytes) bytes, \(config.codec)"
        let frames = [
            output.droppedFrames.map { "\($0) dropped" }, output.repeatedFrames.map { "\($0) repeated" },
        ]
        let conversion = frames.compactMap { $0.map { ", \($0)" } }.joined()
        return "\(result)\(audio)\(conversion)\(dropped), \(rate)"
    }
}

extension String {
    /// The name of what a signal leaves of an output with this one.
    var partial: String { SideFiles.path(FilePath(spelled: self), suffix: ".partial").shown }

    /// The name as messages have it.
    var shown: String { FilePath(spelled: self).shown }
}
