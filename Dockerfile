# Two stages: the first builds wheel and bundle, the second carries only what runs (requirements.lock, without -dev).
FROM python:3.11-slim-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends make && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN make build && .venv/bin/pip wheel --no-deps --no-build-isolation --wheel-dir /wheels .

FROM python:3.11-slim-bookworm
COPY requirements.lock /wheels/
COPY --from=build /wheels /wheels
RUN pip install --no-cache-dir --require-hashes -r /wheels/requirements.lock \
    && pip install --no-cache-dir --no-deps /wheels/*.whl \
    && rm -rf /wheels \
    && useradd --system --create-home whistle && install -d -o whistle -m 700 /data
USER whistle
ENV WHISTLE_DATA=/data WHISTLE_HOST=0.0.0.0 PYTHONUNBUFFERED=1
VOLUME /data
EXPOSE 8700 8701
ENTRYPOINT ["whistle"]
CMD ["serve", "public"]
