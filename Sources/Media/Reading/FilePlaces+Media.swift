package import Ingest
internal import Jobs

extension FilePlaces {
    /// Adds a stream, and what is read with it.
    package mutating func read(_ origin: ByteSource.Origin, _ media: MediaOptions) {
        read(origin, as: "the input")
        read(media.description, as: "the decoder's description")
        read(media.chunks, as: "the chunk lines")
    }
}
