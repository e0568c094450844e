public import SystemPackage

/// The audio of an output: what goes along with the pictures, and how.
///
/// Audio needs a container: MP4, MOV, MKV or WebM.
public struct AudioOptions: Sendable {
    /// What becomes of the audio that a media input has itself.
    public enum Own: Sendable {
        /// It goes along where the output is a container.
        case automatic
        /// The same, and an output or an input that cannot have audio is refused.
        case required
        /// It is left out.
        case none
    }

    /// How audio is coded in the output.
    public enum Codec: String, CaseIterable, Sendable {
        /// Packet by packet as it comes.
        case copy
        /// AAC LC, by libavcodec's encoder.
        case aac
        /// Opus at 48 kHz, by libopus.
        case opus
        /// FLAC with 16 or 24 bits: without loss of what the source has, up to 24 bits.
        case flac
        /// Samples as they are: 16 or 24 bits, or floats of 32 bits.
        case pcm
    }

    /// Where audio ends that sounds longer than the pictures.
    public enum Length: String, CaseIterable, Sendable {
        /// With the last frame: what sounds after it is cut, with a notice.
        case frames
        /// Where it ends itself.
        case audio
    }

    /// A track of a file.
    public struct Input: Sendable, Hashable {
        /// The file.
        public var path: FilePath
        /// The number of the track among those of audio, from 1; `nil` means all tracks.
        public var track: Int?
        /// Its language, as ISO 639-2 or BCP 47 has it; `nil`, the default, is what the file says.
        public var language: String?
        /// What players call it; `nil`, the default, is what the file says.
        public var title: String?
        /// Players begin with this track. The default is that they begin with the output's first.
        public var isDefault = false

        /// All tracks of a file, with what it says of them.
        public init(_ path: FilePath) { self.path = path }
    }

    /// The audio of the input itself. The default is that it goes along into a container.
    public var own = Own.automatic
    /// Audio of files, after that of the input; none by default. Its time 0 is that of the input's first frame.
    public var inputs: [Input] = []
    /// How tracks are coded; `nil`, the default, copies what the container holds, and encodes what it does not hold as AAC
    /// in MP4 and MOV, as Opus in MKV and WebM.
    public var codec: Codec?
    /// Bits a second of each track that is encoded as AAC or Opus; a rate that the encoder does not take, or that no track needs,
    /// is refused. `nil`, the default, is 80,000 (AAC) or 64,000 (Opus) for each channel.
    public var bitrate: Int?
    /// Microseconds by which the audio of files is later than the pictures; earlier if below 0. The default is 0.
    public var offset: Int64 = 0
    /// Where audio ends. The default is with the last frame.
    public var length = Length.frames

    /// The audio of the input itself, as it is.
    public init() {}
}
