# The one map in a container: the app, and with `store run` its PostGIS. Both take the same steps as `./onemap`
# takes on a bare Debian 12, so there is one way to install.
FROM debian:12-slim

# Who owns the store's files and runs both processes; PostgreSQL refuses root.
RUN useradd --create-home --home-dir /var/lib/onemap --uid 10001 --shell /usr/sbin/nologin onemap

WORKDIR /opt/onemap
ENV ONEMAP_HOME=/opt/onemap/.onemap ONEMAP_HOST=0.0.0.0 ONEMAP_PORT=8050 LANG=C.UTF-8

# The slow layer: system packages and Python packages, made anew only when the lock changes.
COPY onemap requirements.lock ./
RUN ./onemap prepare \
    && PYTHONPYCACHEPREFIX=$ONEMAP_HOME/pycache .onemap/venv/bin/python -m compileall -q .onemap/venv/lib /usr/lib/python3 \
    && rm -rf /var/lib/apt/lists/* /root/.cache

COPY . .
RUN mkdir -p .onemap/store .onemap/sample .onemap/pycache .onemap/gate .onemap/recipes .onemap/inbox \
    && chown -R onemap:onemap .onemap/store .onemap/sample .onemap/pycache .onemap/gate .onemap/recipes .onemap/inbox && chown onemap:onemap .onemap

USER onemap
VOLUME ["/opt/onemap/.onemap/store"]
EXPOSE 8050

# /health answers when the store can be asked; a store container has its own check in compose.yaml.
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=4 \
    CMD ["/opt/onemap/.onemap/venv/bin/python", "-c", \
         "import os, urllib.request as u; u.urlopen('http://127.0.0.1:' + os.environ['ONEMAP_PORT'] + '/health', timeout=4)"]

ENTRYPOINT ["./onemap"]
CMD ["serve"]
