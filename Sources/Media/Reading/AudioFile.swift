package import Ingest
package import Jobs
package import LibAV
internal import Places
package import SystemPackage
internal import Threading

/// The audio of a file, which is read a second time for it: no audio waits in memory, however far the container stores it from
/// its pictures.
package final class AudioFile: AudioPackets {
    private let input: SourceInput
    private var demuxer: AudioDemuxer
    private let name: String

    /// Opens a file again.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - identity: What it was when it was opened for the video; `nil` if it was not.
    package init(_ path: FilePath, identity: FileIdentity?) throws(JobError) {
        // An interrupt of the video's reading must not end the reading of its audio.
        let source = try asJobError { () throws(IngestError) in
            try ByteSource(opening: .path(path), interrupt: Interrupt(), clock: StageClock())
        }
        guard identity == nil || source.identity == identity else {
            throw .input(.changed(name: source.name, what: "was replaced while it was read"))
        }
        let (input, name) = (SourceInput(source), path.spelled)
        do throws(DemuxerError) {
            demuxer = try AudioDemuxer(input)
        } catch {
            throw ContainerUnits.jobError(error, name, input)
        }
        (self.input, self.name) = (input, name)
    }

    package var mayGrow: Bool { false }

    package var streams: [AudioStream] { demuxer.streams }

    /// Microseconds at which the first of all its streams begins.
    package var startTime: Int64 { demuxer.startTime }

    package func next(of streams: Set<Int>) throws(JobError) -> AudioPacket? {
        do throws(DemuxerError) {
            while let packet = try demuxer.next() {
                guard !streams.contains(packet.stream) else { return packet }
            }
            return nil
        } catch {
            throw ContainerUnits.jobError(error, name, input)
        }
    }
}
