internal import ArgumentParser

/// What goes into the output beside the video: only where media is read.
struct AudioFlags: ParsableArguments {
    @Flag(help: "Carry the audio of a media input over as it is, into mp4, mkv or webm.")
    var copyAudio = false
}
