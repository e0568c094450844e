internal import Places
internal import Sluice

extension DecodeReceipt {
    /// What was done, in a line.
    var summary: String {
        let rate = (Double(output.frames) / max(wallSeconds, 1e-9)).decimals(0) + " fps"
        switch status {
        case "interrupted" where output.frames == 0: return "interrupted before the first frame; nothing was written"
        case "interrupted":
            return
                "interrupted: the output so far, \(Quantity.count(output.frames, "frame")), is in \(output.name.partial)"
        case "partial":
            return "\(Quantity.count(output.frames, "frame")) in \(output.name.shown), from a damaged stream, \(rate)"
        default:
            return
                "\(Quantity.count(output.frames, "frame")) in \(output.name.shown), \(output.bytes) bytes, of \(input.codec), \(rate)"
        }
    }
}
