"""`pulumi-language-python` for machines where no official one is to be had: the engine
starts it, and it runs the program in its own process.

The official installer brings the real host; a CLI built from Go modules has none.
Run as `python -m rehearsal.engine.language_host`.
"""

from __future__ import annotations

import asyncio
import logging
import os
import runpy
import sys
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import grpc
import pulumi
from google.protobuf import empty_pb2
from pulumi.runtime import reset_options, run_in_stack, set_all_config
from pulumi.runtime.proto import language_pb2, language_pb2_grpc, plugin_pb2

from rehearsal.engine.plugin_process import run_plugin
from rehearsal.engine.settling import settle
from rehearsal.engine.spare import Spare
from rehearsal.providers.server import print_port, serve


class PythonHost(language_pb2_grpc.LanguageRuntimeServicer):
    """Runs one Python program for one engine. Method names are the protocol's."""

    def __init__(self, spare: Spare | None = None) -> None:
        """`spare`: in which a policy pack can run."""
        self._spare = spare

    def Handshake(
        self, request: language_pb2.LanguageHandshakeRequest, context: grpc.ServicerContext
    ) -> language_pb2.LanguageHandshakeResponse:
        return language_pb2.LanguageHandshakeResponse()

    def GetPluginInfo(
        self, request: empty_pb2.Empty, context: grpc.ServicerContext
    ) -> plugin_pb2.PluginInfo:
        return plugin_pb2.PluginInfo()

    def GetRequiredPackages(
        self, request: language_pb2.GetRequiredPackagesRequest, context: grpc.ServicerContext
    ) -> language_pb2.GetRequiredPackagesResponse:
        """None: the plugins are on PATH already, and the engine must not look elsewhere."""
        return language_pb2.GetRequiredPackagesResponse()

    def About(
        self, request: language_pb2.AboutRequest, context: grpc.ServicerContext
    ) -> language_pb2.AboutResponse:
        return language_pb2.AboutResponse(executable=sys.executable, version=sys.version.split()[0])

    def Cancel(self, request: empty_pb2.Empty, context: grpc.ServicerContext) -> empty_pb2.Empty:
        return empty_pb2.Empty()

    def RunPlugin(
        self, request: language_pb2.RunPluginRequest, context: grpc.ServicerContext
    ) -> Iterator[language_pb2.RunPluginResponse]:
        """A policy pack, in a process of its own; what it prints goes to the engine."""
        spare, self._spare = self._spare, None
        yield from run_plugin(request, context, spare)

    def Run(
        self, request: language_pb2.RunRequest, context: grpc.ServicerContext
    ) -> language_pb2.RunResponse:
        """Run the program once; an error is its message, without a traceback when the
        program meant it (RunError, SystemExit)."""
        logging.getLogger("asyncio").setLevel(logging.CRITICAL)
        _configure(request)
        loop = _loop(request.parallel)
        try:
            return _outcome(loop, _program(request))
        finally:
            _close(loop)
            sys.stdout.flush()
            sys.stderr.flush()


def _configure(request: language_pb2.RunRequest) -> None:
    reset_options(
        project=request.project,
        monitor_address=request.monitor_address,
        engine_address=request.args[0] if request.args else "",
        stack=request.stack,
        parallel=request.parallel,
        preview=request.dryRun,
        organization=request.organization or "organization",
    )
    set_all_config(dict(request.config), list(request.configSecretKeys))


def _program(request: language_pb2.RunRequest) -> Callable[[], None]:
    """The program as a function: its folder is the first import path, as with `python`."""
    folder = Path(request.info.program_directory or request.pwd)

    def run() -> None:
        os.chdir(folder)
        sys.path.insert(0, str(folder))
        sys.argv = [str(folder)]
        runpy.run_path(str(folder / request.info.entry_point), run_name="__main__")

    return run


def _loop(parallel: int) -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    loop.set_default_executor(ThreadPoolExecutor(max_workers=max(parallel, 1) * 4))
    return loop


def _outcome(
    loop: asyncio.AbstractEventLoop, program: Callable[[], None]
) -> language_pb2.RunResponse:
    try:
        loop.run_until_complete(run_in_stack(lambda: _settled(program)))
    except pulumi.RunError as error:
        return _failed(str(error))
    except SystemExit as stop:
        return language_pb2.RunResponse() if not stop.code else _failed(f"{stop.code}")
    except grpc.RpcError as error:
        return _lost_engine(error)
    except Exception:  # noqa: BLE001 - the program's own error, whatever it is
        return _failed(traceback.format_exc())
    return language_pb2.RunResponse()


async def _settled(program: Callable[[], None]) -> None:
    program()
    await settle()


def _failed(message: str) -> language_pb2.RunResponse:
    """Log the error to the engine, then bail: the engine prints it once."""
    pulumi.log.error(message)
    return language_pb2.RunResponse(bail=True)


def _lost_engine(error: grpc.RpcError) -> language_pb2.RunResponse:
    """A monitor that is unavailable is shutting down: the cause is reported elsewhere."""
    if isinstance(error, grpc.Call) and error.code() == grpc.StatusCode.UNAVAILABLE:
        return language_pb2.RunResponse(bail=True)
    return _failed(f"RPC error: {error}")


def _close(loop: asyncio.AbstractEventLoop) -> None:
    for task in asyncio.all_tasks(loop):
        task.cancel()
        with suppress(asyncio.CancelledError, Exception):
            loop.run_until_complete(task)
    loop.close()


def serve_program(announce: Callable[[int], None] = print_port, spare: Spare | None = None) -> None:
    """Serve the language protocol until the engine is done; `announce` tells the port."""
    serve(
        lambda server: language_pb2_grpc.add_LanguageRuntimeServicer_to_server(
            PythonHost(spare), server
        ),
        announce,
    )


if __name__ == "__main__":
    serve_program()
