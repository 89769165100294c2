# Yuanwen as a server; docs/serving.md says how to build and run it.
FROM python:3.11-slim AS build
# pip reads them. Name the index that has PyTorch's CPU build, or gigabytes of CUDA come along.
ARG PIP_INDEX_URL
ARG PIP_EXTRA_INDEX_URL
RUN python -m venv /opt/yuanwen
ENV PATH=/opt/yuanwen/bin:$PATH PIP_NO_CACHE_DIR=1
WORKDIR /src
# What changes seldom comes first, so that it is built seldom.
COPY constraints.txt ./
RUN pip install --constraint constraints.txt torch sentence-transformers gradio
COPY . ./
RUN pip install --constraint constraints.txt .
# The encoder as a model folder: the container itself may then be read-only.
RUN cd / && python -c "from pathlib import Path; from index.packaged import packaged_model; packaged_model(Path('/opt/yuanwen/cache'))" \
    && chmod -R a+rX /opt/yuanwen/cache

FROM python:3.11-slim
RUN useradd --system --uid 10001 --create-home yuanwen && install --directory --owner yuanwen /data
COPY --from=build /opt/yuanwen /opt/yuanwen
ENV PATH=/opt/yuanwen/bin:$PATH \
    YUANWEN_CACHE=/opt/yuanwen/cache \
    YUANWEN_DATA=/data \
    YUANWEN_HOST=0.0.0.0 \
    YUANWEN_PORT=7860
USER yuanwen
VOLUME /data
EXPOSE 7860
HEALTHCHECK --interval=30s --timeout=5s --start-period=90s \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:7860/ready', timeout=4)"]
ENTRYPOINT ["yuanwen"]
CMD ["serve"]
