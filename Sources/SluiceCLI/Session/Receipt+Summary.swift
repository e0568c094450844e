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
        guard isKept else {
            return
                "\(output.name.shown) is not kept: its \(output.bytes) bytes are not less than the \(output.limit ?? 0) of the input"
                + " (\(Quantity.count(output.chunks, "frame")), \(config.codec), \(rate))"
        }
        let partial =
            input.droppedBytes == 0 ? "" : ", without \(Quantity.count(input.droppedBytes, "byte")) of a partial frame"
        let dropped = partial.isEmpty && input.loss != nil ? ", from a damaged stream" : partial
        let codecs = output.audio.map { $0.map(\.codec).joined(separator: ", ") } ?? ""
        let audio = codecs.isEmpty ? "" : ", audio copied (\(codecs))"
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
