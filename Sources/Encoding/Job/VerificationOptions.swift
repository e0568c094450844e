/// Checks of an output before it is renamed into place, by decoding it.
///
/// Count, order and times of the pictures always are. So are the pictures, whatever quality was asked for: against the
/// source where it is a file, which is read again; else against the means of their blocks, which are kept while encoding
/// (96 bytes a frame). A picture that lossy coding cannot have made of the one that went in is a failure.
public struct VerificationOptions: Hashable, Sendable {
    /// The least PSNR of all samples of all frames, in decibels; needs a source that is a file. `nil`, the default, asks
    /// for none.
    public var leastPSNR: Double?

    /// Options with every default.
    public init(leastPSNR: Double? = nil) { self.leastPSNR = leastPSNR }

    /// The same, with no sample that may differ.
    var exact: VerificationOptions { VerificationOptions(leastPSNR: .infinity) }
}
