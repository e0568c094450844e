internal import VideoTypes

extension VideoColorSpace {
    /// `bt709, bt709, bt709, limited range`: primaries, transfer, matrix, range.
    var words: String {
        let names = [
            primaries == .unspecified ? "unspecified" : primaries.description,
            transfer == .unspecified ? "unspecified" : transfer.description,
            matrix == .unspecified ? "unspecified" : matrix.description,
        ]
        // One name where all three are the same.
        let color = Set(names).count == 1 ? names[0] : names.joined(separator: ", ")
        return "\(color), \(fullRange ? "full" : "limited") range"
    }
}

/// Two digits.
func hexadecimal(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 16, uppercase: true)
    return digits.count == 1 ? "0\(digits)" : digits
}
